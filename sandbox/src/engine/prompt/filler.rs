//! Words that say how a picture is made, praised or asked for, and not what is on it.

use super::lexicon::Meaning::{Nothing, Style};
use super::lexicon::Table;
use crate::engine::style::Style as S;

pub(super) const TABLE: &Table = &[
    (
        Style(S::OilPainting),
        "oil painting, oil on canvas, oil paint, oils, impasto, palette knife, old master, \
         rembrandt, renaissance painting, baroque painting, baroque, vermeer, caravaggio, \
         bob ross, oil painting of",
    ),
    (
        Style(S::Watercolor),
        "watercolor, watercolour, watercolor painting, watercolour painting, aquarelle, \
         aquarell, gouache, ink wash, sumi e, water color, water colour, watercolors",
    ),
    (
        Style(S::Anime),
        "anime, anime style, manga, studio ghibli, ghibli, makoto shinkai, anime art, miyazaki, \
         hayao miyazaki, cel shaded, cel shading, key visual, anime screencap",
    ),
    (
        Style(S::Cartoon),
        "cartoon, comic, comic book, comic style, disney, pixar style cartoon, cartoon style, \
         vector art, flat design, clip art, clipart, the simpsons, graphic novel, \
         childrens book illustration, sticker, flat illustration, vector illustration, pop art, \
         cartoonish",
    ),
    (
        Style(S::Artistic),
        "impressionist, impressionism, impressionist painting, van gogh, vincent van gogh, \
         monet, claude monet, painting, painterly, acrylic painting, pointillism, \
         expressionism, expressionist, renoir, cezanne, post impressionism, brush stroke, \
         brushstroke, painting of, abstract expressionism, fauvism, klimt, \
         in the style of van gogh, starry night van gogh",
    ),
    (
        Style(S::DigitalArt),
        "digital art, digital painting, concept art, matte painting, digital illustration, \
         fantasy art, artgerm, greg rutkowski, splash art, speedpaint, illustration",
    ),
    (
        Style(S::ThreeDRender),
        "3d render, 3d rendering, 3d, octane render, blender, blender render, unreal engine, \
         unreal engine 5, cgi, c4d, cinema 4d, clay render, claymation, pixar, 3d model, \
         3d art, blender 3d, redshift render, v ray, vray, plasticine, low poly",
    ),
    (
        Style(S::Cinematic),
        "cinematic, movie still, film still, cinematic shot, cinematic light, \
         cinematic lighting, movie scene, anamorphic, cinematic still, cinematography, \
         cinematic photo, imax, blockbuster, wes anderson, directed by",
    ),
    (
        Style(S::Photographic),
        "photo, photograph, photography, photo of, photorealistic, dslr, 35mm, 50mm, \
         photographic, photograph of, raw photo, kodak, kodak portra, canon, nikon, hasselblad, \
         leica, film photography, fujifilm, analog photo, polaroid, photorealism, 35mm film, \
         long exposure, national geographic, sony a7, street photography, snapshot",
    ),
    (
        Style(S::Sketch),
        "sketch, pencil drawing, pencil sketch, charcoal drawing, line drawing, line art, \
         lineart, ink drawing, pen and ink, drawing, etching, engraving, doodle, pencil, \
         graphite drawing, woodcut, charcoal sketch, hand drawn",
    ),
    (
        Style(S::PixelArt),
        "pixel art, 8 bit, 16 bit, 8bit, 16bit, pixelated, pixelart, retro game, voxel, \
         minecraft, nes, snes",
    ),
    (
        Nothing,
        "4k, 8k, uhd, hd, full hd, 16k, 2k, ultra hd, high resolution, high res, hi res, highres, \
         absurdres, highly detailed, ultra detailed, ultradetailed, very detailed, detailed, \
         detail, intricate, intricate detail, hyper detailed, hyperdetailed, insanely detailed, \
         extremely detailed, fine detail, best quality, high quality, top quality, quality, \
         masterpiece, masterful, award winning, trending, trending on artstation, artstation, \
         deviantart, pixiv, behance, cgsociety, sharp, sharp focus, crisp, focus, in focus, \
         beautiful, stunning, gorgeous, amazing, incredible, awesome, wonderful, fantastic, \
         perfect, lovely, pretty, aesthetic, art, artwork, style, stylized, stylised, in the \
         style of, artist, render, rendering, rendered, image, picture, pic, scene, view, shot, \
         composition, background, realistic, hyperrealistic, hyper realistic, ultra realistic, \
         ultrarealistic, realism, hyperrealism, lifelike, professional, famous, popular, \
         featured, wallpaper hd, high definition, resolution, raw, unreal, ultra, super, \
         extremely, highly, bokeh background, canvas, poster, print, cover, album cover, book \
         cover, movie poster, screenshot, stock photo, greeting card, lens, lens flare, camera, \
         film grain, grain, exposure, contrast, color, colour, palette, tone, texture pack, \
         lighting, lit, volumetric, glow, glowing, reflections, shadow, shading, light and \
         shadow, epic composition, dynamic, dynamic pose, dynamic lighting, physically based \
         rendering, pbr, subsurface scattering, post processing, photoshop, midjourney, stable \
         diffusion, dall e, lora, unsplash, pinterest, flickr, instagram, steam engine style, \
         ultra high, ultra sharp, elegant, smooth, clean, modern, contemporary, steampunk, gothic \
         style, art deco, art nouveau, ornate, decorative, retro style, vintage style, minimalist \
         style, old fashioned, classic, traditional, futurism, award, winning, wow, nice, cool, \
         best, great, big, small, large, huge, giant, tiny, little, tall, long, old, new, young, \
         deep, high, low, distant, far, empty, full, many, few, several, single, herd, flock, \
         pack, school of, ray, ray of light, light ray, outside, bord, one, two, three, four, \
         five, six, seven, eight, nine, ten, eleven, twelve, twenty, dozen, hundred, thousand, \
         trio, numerous, multiple, fleet, couple of, wild, natural, real, fresh, pure, rich, \
         strong, simple, complex, different, \
         various, random, unique, special, weird, strange, crazy, interesting, background image, \
         early, late, front, back, side, top, bottom, left, right, center, middle, foreground, \
         midground, distance, end, edge, part, kind, type, sort, piece, set, group, pair, row, \
         line, place, spot, time, day time, moment, season, weather, climate, atmosphere, \
         atmospheric, mood, feeling, vibe, vibes, theme, concept, idea, design, designed, make, \
         create, generate, draw, paint, painted, show, showing, depicting, using, used, inspired, \
         based, like, look, looking, see, seen, watch, watching, stand, standing, sit, sitting, \
         lie, lying, walk, walking, run, running, rising, setting, growing, grow, covered, \
         filled, overlooking, facing, reflected, reflecting, shining, shine, shimmering, \
         sparkling, sparkle, gleaming, floating, float, drift, drifting, rolling, towering, \
         soaring, endless, infinite, vast, lush, dense, thick, thin, deserted, sunken, crashing, \
         calm water, steep, rugged, jagged, ripple, silky, fluffy, puffy, leafy, grassy, stone, \
         wooden, brick, glass, metal, metallic, concrete, iron, plastic, paper, fabric, leather, \
         wood, text, watermark, signature, blurry, blur, ugly, deformed, bad anatomy, disfigured, \
         mutated, extra limb, low quality, worst quality, jpeg artifact, lowres, cropped, out of \
         frame, duplicate, error, username, nsfw, nude, hands, fingers, limbs, anatomy, morbid, \
         poorly drawn, cloned, gross proportions, malformed, missing arm, bad, worst, \
         overexposed, underexposed, oversaturated, noise, noisy, grainy, artifact, frame, border, \
         photo frame, world of, please, can you, i want, i need, give me, test, hello, hello \
         world, example, prompt, untitled, lorem ipsum, video, movie, film, clip, animation, \
         animated, footage, timelapse, time lapse, slow motion, loop, fly through, flythrough, \
         camera movement, pan, zoom, tracking shot, lone, alone, solitary, drop, bit, lot, thing, \
         something, nothing, everything, anything, nobody, away, together, around the world, \
         heavy, light, hard, half, hot, cold, cool tones, dry, wet, round, flat, broad, narrow, \
         bare, gorgeous view, angry, hungry, tired, proud, brave, mighty view, busy, crowded, \
         quiet place, noble, humble, playful mood, fierce, chubby, fat, skinny, slim, smart, \
         clever, rich man, poor, century, year, years, hour, minute, second, today, tomorrow, \
         yesterday, tonight, everyday, european, american, asian, african, italian, french, \
         german, chinese, japanese, indian, nordic, scandinavian, oriental, western, northern, \
         southern, central, local, international, global, mad, pale, blonde, brunette, bald, \
         sexy, hot weather, royal, sacred, holy, divine, secret place, medieval, prehistoric, \
         ancient times, 80s, 90s, 1980s, 1990s, victorian, edo period, day and night, time of \
         day, level, size, width, height, format, aspect ratio, ar, seed, step, cfg, sampler, \
         upscale, vertical, horizontal, portrait orientation, landscape orientation, soft shadow, \
         hard shadow, key light, perspective, vanishing point, play, ride, sleep, eat, drink, \
         fly, swim, jump, dive, write, hold, carry, wear, wait, rest, meet, fight, climb, travel, \
         cross, chase, hunt, smile, laugh, cry, howl, roar, blow, break, pass, begin, end, falls, \
         fell, rise, crash, stretch, reach, wag, follow, leads, glows, shines, shimmers, glitter, \
         gather, leaves a, leaves the, leaves his, leaves her, rose up, rose above, rose high, \
         rose over, rose behind, layered, layer, multi, semi, non, pro, mega, mini, micro, macro \
         world, cross section, cutaway, close to, next to, on top of, at the foot of, out of, \
         because of, instead of",
    ),
];
