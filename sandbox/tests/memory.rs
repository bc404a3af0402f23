//! An 8K picture in full is made in bounded memory.

#![allow(unsafe_code, reason = "an allocator that counts can be written in no other way")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use media_factory_sandbox::engine::{
    job::{Fidelity, Job, PictureFormat, PictureJob},
    render,
};

/// The system's allocator with a count of the bytes in use and of their peak.
struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let in_use = IN_USE.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(in_use, Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(place, layout) }
    }
}

#[test]
fn eight_k_stays_below_400_megabytes() {
    let job = PictureJob {
        prompt: "abstract shapes".to_owned(),
        negative_prompt: String::new(),
        style: Some("digital-art".to_owned()),
        width: 7680,
        height: 4320,
        seed: 7,
        count: 1,
        fidelity: Fidelity::Full,
        format: PictureFormat::Png,
        hdr: false,
        pbr: false,
        source: None,
    };
    let rendered = render(&Job::Picture(job), &mut |_| {}, &|| false).unwrap();
    assert_eq!(rendered.rendered, rendered.requested);
    assert_eq!(rendered.rendered.width, Some(7680));
    let peak = PEAK.load(Ordering::Relaxed) / 1_000_000;
    println!("peak: {peak} MB, file: {} MB", rendered.outputs[0].bytes.len() / 1_000_000);
    // Light alone fills 199 MB: less would mean that something was left out.
    assert!((200..400).contains(&peak), "{peak} MB");
}
