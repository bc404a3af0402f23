//! Which subject a picture is of when several are named.

use super::Subject;
use super::lexicon::{Meaning, Weight};
use super::reading::{Mention, Reading, Role};

/// Weight of a person or animal that a clause is about, and of one beside something else.
const FIGURE: Weight = 7.0;
const FIGURE_BESIDE: Weight = 1.5;
const FLOWER: Weight = 7.0;
/// Of two subjects without any word between them the first only describes the second.
const QUALIFIES: Weight = 0.45;
/// What weighs less is not shown beside something else.
const HINTS_BELOW: Weight = 2.0;
/// Each mention counts a little less than the one before.
const LATER: Weight = 0.93;

/// The subjects that a prompt names, the main one first, each once.
pub(super) fn ranked(reading: &Reading) -> Vec<Subject> {
    let mut ranks: Vec<(Subject, Weight)> = Vec::new();
    // Words that only hint at a subject give none beside those that are named.
    let mut hinted: Vec<Subject> = Vec::new();
    let mut rank = |subject: Subject, weight: Weight| match ranks
        .iter_mut()
        .find(|(known, _)| *known == subject)
    {
        Some((_, known)) if *known >= weight => {}
        Some((_, known)) => *known = weight,
        None => ranks.push((subject, weight)),
    };
    let mut place = 1.0;
    let mut figure: Option<Weight> = None;
    let mut setting = false;
    for (mention, next) in with_next(&reading.wanted) {
        let named = named(mention, reading);
        // "Tokyo street" names a city twice.
        let other = |next: &Mention| {
            let next = self::named(next, reading);
            next.iter().any(|(subject, _)| named.iter().all(|(known, _)| known != subject))
        };
        let qualifies = mention.qualifies_next && next.is_some_and(other);
        for (subject, weight) in named {
            let share = match mention.role {
                Role::Head if qualifies => QUALIFIES,
                Role::Head => 1.0,
                Role::Setting => 0.55,
                Role::Company => 0.5,
            };
            if weight < HINTS_BELOW {
                hinted.push(subject);
                continue;
            }
            rank(subject, weight * share * place);
            place *= LATER;
            let stage = figure.is_some() && mention.role == Role::Setting && weight > 2.0;
            setting |= stage && is_landscape(subject);
        }
        if is_figure(mention, reading) {
            setting |= hinted.iter().any(|subject| is_landscape(*subject));
            let head = mention.role == Role::Head && figure.is_none();
            let weight = if head { FIGURE } else { FIGURE_BESIDE };
            figure = Some(figure.map_or(weight * place, |known| known.max(weight * place)));
        }
    }
    if let Some(weight) = figure {
        // Someone in a landscape is a small figure in a picture of it.
        let standing = setting && reading.wanted.iter().any(stands_in_landscapes);
        if !standing && weight >= HINTS_BELOW {
            rank(Subject::Portrait, weight);
        }
        hinted.push(Subject::Portrait);
    }
    if ranks.is_empty() {
        return hinted.into_iter().take(1).collect();
    }
    ranks.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    ranks.into_iter().map(|(subject, _)| subject).collect()
}

fn with_next(mentions: &[Mention]) -> impl Iterator<Item = (&Mention, Option<&Mention>)> {
    let next = mentions.iter().skip(1).map(Some).chain([None]);
    mentions.iter().zip(next)
}

/// The subjects of a mention that are not refused.
fn named(mention: &Mention, reading: &Reading) -> Vec<(Subject, Weight)> {
    mention
        .meanings
        .iter()
        .filter_map(|meaning| match meaning {
            Meaning::Subject(subject, weight) => Some((*subject, *weight)),
            Meaning::Flower(_) => Some((Subject::Flowers, FLOWER)),
            _ => None,
        })
        .filter(|(subject, weight)| {
            !reading.refused.iter().any(|refused| match refused {
                Meaning::Subject(other, refusal) => other == subject && refusal >= weight,
                Meaning::Flower(_) => *subject == Subject::Flowers,
                _ => false,
            })
        })
        .collect()
}

fn is_figure(mention: &Mention, reading: &Reading) -> bool {
    mention
        .meanings
        .iter()
        .any(|meaning| matches!(meaning, Meaning::Figure(_)) && !reading.refused.contains(meaning))
}

fn stands_in_landscapes(mention: &Mention) -> bool {
    let has = |wanted: fn(&Meaning) -> bool| mention.meanings.iter().any(wanted);
    has(|meaning| matches!(meaning, Meaning::Figure(_)))
        && has(|meaning| matches!(meaning, Meaning::Prop(_)))
}

fn is_landscape(subject: Subject) -> bool {
    use Subject::{City, Desert, Forest, Lake, Mountains, Sea};
    matches!(subject, City | Desert | Forest | Lake | Mountains | Sea)
}
