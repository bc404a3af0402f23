//! Common words of German, French, Spanish, Italian and Portuguese, and picture signs.

use super::Light::{Dawn, Day, Night, Storm, Sunset};
use super::Prop as P;
use super::Relief::Beach;
use super::Subject::{
    Abstract, Building, City, Clouds, Desert, Flowers, Forest, Interior, Lake, Mountains, Portrait,
    Sea, Space,
};
use super::lexicon::Meaning::{
    Cosmos, Figure, Flower, Light, Prop, Relief, Subject, Trees, Weather,
};
use super::lexicon::Table;
use super::lexicon::Weather::{Autumn, ClearSky, Clouds as Cloudy, Fog, Rain, Snow, Snowfall};
use super::{Cosmos as C, Figure as F, Flower as B};

const PLAIN: f32 = 8.0;

pub(super) const TABLE: &Table = &[
    (
        Subject(Mountains, PLAIN),
        "berg, berge, bergen, gebirge, alpen, gipfel, landschaft, montagne, montagnes, paysage, \
         montana, montanas, paisaje, montagna, paesaggio, montanha, montanhas, paisagem, alpes, \
         alpi, vulkan, volcan, vulcano, vulcao, huegel, hugel, colline, colina, collina, 🏔, ⛰, \
         🗻, 🌋",
    ),
    (
        Subject(Lake, PLAIN),
        "bergsee, am see, der see, ein see, see im, see mit, see bei, waldsee, fluss, \
         wasserfall, lac, riviere, cascade, lago, rio, cascada, cascata, fiume, fleuve",
    ),
    (
        Subject(Sea, PLAIN),
        "meer, ozean, strand, kuste, insel, mer, plage, oceano, mar, il mare, sul mare, \
         al mare, nel mare, mare di, playa, isla, spiaggia, isola, praia, ilha, vagues, wellen, \
         olas, onde, 🌊, 🏖, 🏝, ⛵",
    ),
    (Relief(Beach), "strand, plage, playa, spiaggia, praia, 🏖, 🏝"),
    (
        Subject(Forest, PLAIN),
        "wald, baum, baume, foret, arbre, arbres, bosque, arbol, arboles, foresta, bosco, \
         albero, alberi, floresta, arvore, selva, regenwald, urwald, 🌲, 🌳, 🌴, 🍁",
    ),
    (
        Trees,
        "wald, baum, baume, foret, arbre, arbres, bosque, arbol, arboles, foresta, bosco, \
         albero, alberi, floresta, arvore, 🌲, 🌳, 🌴",
    ),
    (Subject(Desert, PLAIN), "wuste, dunen, deserto, desierto, 🏜, 🌵"),
    (
        Subject(City, 10.0),
        "stadt, hochhaus, wolkenkratzer, strasse, ville, gratte ciel, ciudad, rascacielos, \
         citta, grattacielo, cidade, 🏙, 🌃, 🌆, 🌇",
    ),
    (
        Subject(Clouds, 3.2),
        "wolke, wolken, himmel, nuage, nuages, ciel, nube, nubes, cielo, nuvola, nuvole, nuvem, \
         nuvens, ceu, ☁, ⛅",
    ),
    (
        Weather(Cloudy),
        "wolke, wolken, nuage, nuages, nube, nubes, nuvola, nuvole, nuvem, nuvens, ☁, ⛅",
    ),
    (
        Subject(Space, 6.0),
        "weltraum, weltall, planet, espace, planete, espacio, planeta, spazio, pianeta, espaco, \
         🪐, 🌌, 🚀, 🌍, 🌎, 🌏",
    ),
    (Cosmos(C::Ringed), "🪐"),
    (Cosmos(C::Earth), "🌍, 🌎, 🌏"),
    (
        Subject(Flowers, 9.0),
        "blume, blumen, blumenwiese, wiese, fleur, fleurs, flor, flores, fiore, fiori, garten, \
         jardin, giardino, jardim, 🌸, 🌹, 🌻, 🌷, 🌼, 🌺, 💐",
    ),
    (Flower(B::CherryBlossom), "🌸"),
    (Flower(B::Rose), "🌹, rosen"),
    (
        Flower(B::Sunflower),
        "🌻, sonnenblume, sonnenblumen, tournesol, tournesols, girasol, girasoles, girasole, \
         girasoli",
    ),
    (Flower(B::Tulip), "🌷, tulpe, tulpen"),
    (Flower(B::Daisy), "🌼"),
    (
        Subject(Interior, PLAIN),
        "zimmer, wohnzimmer, kuche, chambre, salon, habitacion, cocina, stanza, \
         camera da letto, quarto",
    ),
    (
        Subject(Building, PLAIN),
        "haus, kirche, maison, eglise, casa, iglesia, chiesa, igreja, schloss, chateau, \
         castillo, castello, castelo, burg, tempel, leuchtturm, phare, faro, farol, muhle, \
         moulin, molino, mulino, 🏠, 🏡, 🏰, ⛩, 🕌",
    ),
    (
        Prop(P::Castle),
        "schloss, chateau, castillo, castello, castelo, burg, kirche, eglise, iglesia, chiesa, \
         igreja, 🏰",
    ),
    (Prop(P::Cabin), "haus, hutte, maison, casa, 🏠, 🏡, ⛺"),
    (Prop(P::Temple), "tempel, templo, tempio, ⛩, 🕌"),
    (Prop(P::Lighthouse), "leuchtturm, phare, faro, farol"),
    (Prop(P::Bridge), "brucke, pont, puente, ponte, 🌉"),
    (Prop(P::Windmill), "muhle, windmuhle, moulin, molino, mulino, moinho"),
    (Prop(P::Sailboat), "segelboot, schiff, voilier, bateau, velero, barco, barca, veleiro, ⛵"),
    (Prop(P::Birds), "vogel, oiseaux, pajaros, uccelli, passaros, 🐦"),
    (
        Subject(Abstract, 6.0),
        "abstrakt, abstrait, abstraite, abstracto, abstracta, astratto, astratta, abstrato",
    ),
    (Subject(Portrait, 10.0), "portrat, retrato, ritratto"),
    (Figure(F::Woman), "frau, femme, mujer, donna, mulher, 👩"),
    (Figure(F::Man), "mann, homme, hombre, uomo, homem, 👨, 🧑"),
    (Figure(F::Child), "enfant, nino, nina, bambino, crianca"),
    (Figure(F::Cat), "katze, gato, gatto, 🐱, 🐈, 🦁, 🐯"),
    (Figure(F::Dog), "hund, chien, perro, cachorro, 🐶, 🐕"),
    (Figure(F::Horse), "pferd, cheval, caballo, cavallo, cavalo, 🐴, 🐎, 🦄"),
    (Prop(P::Horse), "pferd, cheval, caballo, cavallo, cavalo, 🐎"),
    (Figure(F::Wolf), "loup, lobo, lupo, 🐺"),
    (Figure(F::Fox), "fuchs, renard, zorro, volpe, 🦊"),
    (Figure(F::Owl), "eule, hibou, buho, gufo, coruja, 🦉"),
    (Figure(F::Whale), "wal, baleine, ballena, balena, baleia, 🐳, 🐋, 🐬"),
    (Figure(F::Fish), "fisch, poisson, pez, pesce, peixe, 🐟, 🐠"),
    (Figure(F::Bird), "adler, oiseau, pajaro, uccello, passaro, 🦅"),
    (Figure(F::Deer), "hirsch, cerf, ciervo, cervo, 🦌"),
    (Figure(F::Astronaut), "astronauta, astronaute"),
    (
        Light(Sunset, 4.0),
        "sonnenuntergang, abend, abendrot, abenddammerung, coucher de soleil, \
         coucher du soleil, crepuscule, soir, atardecer, puesta de sol, puesta del sol, \
         anochecer, tramonto, por do sol, entardecer, 🌅, 🌇, 🌆",
    ),
    (
        Light(Dawn, 4.0),
        "sonnenaufgang, morgen, morgenrot, morgendammerung, lever de soleil, lever du soleil, \
         aube, aurore, matin, amanecer, alba, nascer do sol, amanhecer, manha, 🌄",
    ),
    (
        Light(Night, 4.0),
        "nacht, nachts, mond, sterne, nachthimmel, sternenhimmel, nuit, lune, etoiles, noche, \
         luna, estrellas, notte, stelle, noite, lua, estrelas, 🌃, 🌌, 🌙, ⭐, 🌕",
    ),
    (
        Light(Storm, 4.0),
        "sturm, gewitter, orage, tempete, tormenta, tempesta, temporale, tempestade, ⛈, 🌩",
    ),
    (Light(Day, 4.0), "sonnig, ensoleille, soleado, ☀, 🌞"),
    (Weather(Fog), "nebel, neblig, brouillard, brume, niebla, nebbia, nevoeiro, neblina, 🌫"),
    (Weather(Rain), "regen, pluie, lluvia, pioggia, chuva, 🌧, ☔"),
    (
        Weather(Snow),
        "schnee, verschneit, neige, hiver, nieve, invierno, neve, inverno, ❄, ⛄, ☃, 🎿",
    ),
    (Weather(Snowfall), "🌨"),
    (Weather(Autumn), "herbst, automne, otono, autunno, outono, 🍁, 🍂"),
    (Weather(ClearSky), "sin nubes, wolkenlos, ciel bleu, cielo azul, cielo despejado"),
];
