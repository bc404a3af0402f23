"""One picture, three films and a spoken sentence.

Run it with ``python examples/demo.py --out out``; each line says what was made, where, how large
the file is and how long it took. The media come from the services that MEDIA_FACTORY_IMAGE_ENDPOINT
and its two siblings name, or, without these, from the embedded sandbox: no service, no key.
"""

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

from media_factory import MediaFactoryRegistry, MediaTask, MediaType

if "MEDIA_FACTORY_IMAGE_ENDPOINT" not in os.environ:
    MediaFactoryRegistry.configure({"protocol": "sandbox"})

images = MediaFactoryRegistry.get_workflow(MediaType.IMAGE)
videos = MediaFactoryRegistry.get_workflow(MediaType.VIDEO)
voices = MediaFactoryRegistry.get_workflow(MediaType.VOICE)


def city() -> MediaTask:
    """A picture from a prompt."""
    return images.process(
        {
            "prompt": "A futuristic city with flying cars",
            "style": "realistic",
            "resolution": "1280x720",
            "seed": 5,
        }
    )


def castle() -> MediaTask:
    """A film from a prompt: the camera flies through its scene."""
    return videos.process(
        {
            "prompt": "a castle by a lake at dawn",
            "duration": 4,
            "fps": 24,
            "resolution": "640x360",
            "seed": 7,
        }
    )


def clouds() -> MediaTask:
    """Another, above the clouds."""
    return videos.process(
        {
            "prompt": "Flying through clouds at sunset",
            "duration": 4,
            "fps": 24,
            "resolution": "640x360",
            "seed": 7,
        }
    )


def slideshow() -> MediaTask:
    """A film from pictures, which are generated first."""
    pictures = images.batch_process(
        [
            {"prompt": "Sunset over mountains and a lake", "resolution": "640x360"},
            {"prompt": "Abstract geometric patterns", "resolution": "640x360"},
            {"prompt": "A futuristic city with flying cars", "resolution": "640x360"},
        ]
    )
    return videos.create_from_images(
        image_sequence=[picture.wait().outputs[0].read() for picture in pictures],
        parameters={"duration": 6, "fps": 24, "transitions": "fade", "resolution": "640x360"},
    )


def welcome() -> MediaTask:
    """A spoken sentence."""
    return voices.text_to_speech(
        text="Welcome to Media Factory. Everything you see and hear was made right here."
    )


def make(start: Callable[[], MediaTask], path: Path) -> None:
    """Starts a task, waits for it, saves what it made and says so."""
    began = time.perf_counter()
    start().wait().outputs[0].save(path, overwrite=True)
    seconds = time.perf_counter() - began
    print(f"{path!s:<24} {path.stat().st_size / 1000:>8.1f} kB {seconds:>6.1f} s", flush=True)


def main() -> None:
    """Makes the five files."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--out", type=Path, default=Path("out"), help="where the files go")
    out = arguments.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    make(city, out / "city.png")
    make(castle, out / "castle.mp4")
    make(clouds, out / "clouds.mp4")
    make(slideshow, out / "slideshow.mp4")
    make(welcome, out / "welcome.wav")


if __name__ == "__main__":
    main()
