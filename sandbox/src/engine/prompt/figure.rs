//! The words for people and animals that are shown as silhouettes.

use super::lexicon::{Meaning, Table};

/// Whose silhouette a portrait shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Figure {
    Woman,
    Man,
    Child,
    Warrior,
    Astronaut,
    Dancer,
    Couple,
    Cat,
    Dog,
    Horse,
    Deer,
    Wolf,
    Fox,
    Bird,
    Owl,
    Fish,
    Whale,
}

pub(super) const TABLE: &Table = &[
    (
        Meaning::Figure(Figure::Couple),
        "couple, lover, bride, groom, family, two people, newlywed, wedding, kiss, kissing, \
         friends, parents",
    ),
    (Meaning::Figure(Figure::Astronaut), "astronaut, cosmonaut, spaceman, space suit, spacesuit"),
    (
        Meaning::Figure(Figure::Warrior),
        "warrior, knight, samurai, viking, soldier, hero, superhero, wizard, ninja, gladiator, \
         sorcerer, sorceress, paladin, ranger, assassin, hunter, archer, mage, elf, witch, \
         monk, vampire, pirate, cowboy, stormtrooper, batman, superman, spiderman, gandalf, \
         robot warrior, spartan, dwarf, orc, demon, necromancer, angel",
    ),
    (
        Meaning::Figure(Figure::Dancer),
        "dancer, ballerina, dancing, dance, ballet, gymnast, yoga, acrobat",
    ),
    (
        Meaning::Figure(Figure::Child),
        "child, children, girl, boy, kid, baby, toddler, teenager, schoolgirl, schoolboy, \
         daughter, son, infant, little girl, little boy",
    ),
    (
        Meaning::Figure(Figure::Woman),
        "woman, women, lady, queen, princess, she, mother, female, actress, goddess, fairy, \
         mermaid, grandmother, waitress, wife, businesswoman, heroine, geisha, mona lisa, \
         model, supermodel, girlfriend, nurse, young woman, beautiful woman, waifu",
    ),
    (
        Meaning::Figure(Figure::Man),
        "man, men, king, person, people, face, gentleman, human, father, male, guy, actor, \
         prince, grandfather, old man, businessman, hiker, wanderer, traveler, traveller, \
         farmer, fisherman, chef, doctor, scientist, musician, student, teacher, worker, crowd, \
         stranger, figure, lone figure, explorer, pilgrim, nomad, shepherd, climber, surfer, \
         skier, emperor, president, artist, guitarist, athlete, someone, tourist, adventurer, \
         rider, detective, policeman, pilot, sailor, captain, shadow man, android, cyborg, \
         humanoid, sherlock holmes, einstein, napoleon, character",
    ),
    (
        Meaning::Figure(Figure::Cat),
        "cat, kitten, kitty, feline, lion, lioness, tiger, leopard, panther, cheetah, lynx, \
         jaguar, cougar, puma, snow leopard",
    ),
    (Meaning::Figure(Figure::Wolf), "wolf, wolves, coyote, husky, werewolf, jackal, direwolf"),
    (
        Meaning::Figure(Figure::Dog),
        "dog, puppy, hound, corgi, golden retriever, labrador, poodle, german shepherd, beagle, \
         dachshund, bulldog, shiba inu, shiba, terrier, dalmatian, border collie, retriever, \
         pug, doge",
    ),
    (Meaning::Figure(Figure::Fox), "fox, foxes, red panda, raccoon"),
    (
        Meaning::Figure(Figure::Horse),
        "horse, stallion, mare, pony, unicorn, mustang, wild horse, foal, pegasus, donkey, \
         zebra, horse rider, centaur",
    ),
    (
        Meaning::Figure(Figure::Deer),
        "deer, stag, elk, reindeer, antler, moose, fawn, caribou, antelope, gazelle, doe, \
         roe deer, buck, goat, mountain goat, ibex",
    ),
    (Meaning::Figure(Figure::Owl), "owl, night owl"),
    (
        Meaning::Figure(Figure::Whale),
        "whale, orca, dolphin, blue whale, shark, humpback, narwhal, porpoise",
    ),
    (
        Meaning::Figure(Figure::Fish),
        "fish, koi, goldfish, carp, koi fish, salmon fish, angelfish, trout, clownfish, tuna, \
         sea horse, seahorse",
    ),
    (
        Meaning::Figure(Figure::Bird),
        "eagle, hawk, falcon, bird, raven, crow, phoenix, swallow, dove, parrot, hummingbird, \
         sparrow, robin, peacock, heron, kingfisher, golden eagle, toucan, penguin, swan, \
         flamingo, stork, pigeon, bald eagle, songbird, rooster, chicken, duck, macaw, finch, \
         crane bird",
    ),
];
