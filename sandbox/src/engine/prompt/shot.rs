//! The words of photographers for distance and angle.

use super::Shot as S;
use super::lexicon::Meaning::{Nothing, Shot};
use super::lexicon::Table;

pub(super) const TABLE: &Table = &[
    (
        Shot(S::Close),
        "close up, closeup, closeup portrait, close up portrait, macro, macro shot, \
         macro photography, extreme close up, close view, detail shot, detailed close up, \
         up close, telephoto, zoomed in, tight shot, close shot, macro lens, headshot, \
         close range, 85mm, 100mm, 135mm, 200mm",
    ),
    (
        Shot(S::Wide),
        "wide angle, wide shot, panorama, panoramic, wide view, ultra wide, ultrawide, \
         wide lens, fisheye, fish eye, establishing shot, sweeping view, panoramic view, \
         wide angle lens, wide angle shot, long shot, extreme wide shot, vista, sweeping vista, \
         full view, 14mm, 16mm lens, 24mm, 20mm, zoomed out, grand vista, far away, \
         in the distance",
    ),
    (
        Shot(S::Aerial),
        "aerial, aerial view, aerial shot, drone, drone shot, drone view, drone photo, \
         drone footage, birds eye, birds eye view, bird eye view, from above, overhead, \
         overhead shot, top down, top down view, top view, satellite view, satellite image, \
         from the air, from a plane, from an airplane, seen from above, viewed from above, \
         view from above, from high above, high angle, high angle view, aerial photography, \
         aerial photo, flyover, from a helicopter, helicopter view, from the sky, looking down",
    ),
    (
        Nothing,
        "low angle, eye level, dutch angle, medium shot, full shot, side view, front view, \
         point of view, pov, rear view, depth of field, shallow depth of field, long exposure, \
         tilt shift, rule of thirds, centered, symmetrical composition, full body, half body, \
         upper body, dolly zoom, cowboy shot, over the shoulder",
    ),
];
