/**
 * The words of docker's names for containers, an adjective and a scientist's surname (moby
 * internal/namesgenerator/names-generator.go, those of all releases). A pair of any other words may be a name that a
 * person gave: `happy_path`.
 */

export function isPetName(name: string): boolean {
  const [, adjective = "", surname = ""] = /^([a-z]+)_([a-z]+)\d?$/.exec(name) ?? [];
  return ADJECTIVES.has(adjective) && SURNAMES.has(surname);
}

const ADJECTIVES = toWords(`
  admiring adoring affectionate agitated amazing angry awesome backstabbing beautiful berserk big blissful bold boring
  brave busy charming clever cocky compassionate competent condescending confident cool cranky crazy dazzling desperate
  determined distracted dreamy drunk eager ecstatic elastic elated elegant eloquent epic evil exciting fervent festive
  flamboyant focused friendly frosty funny furious gallant gifted gigantic gloomy goofy gracious grave great happy
  hardcore heuristic high hopeful hungry infallible insane inspiring intelligent interesting jolly jovial keen kickass
  kind laughing lonely loving lucid mad magical modest musing mystifying naughty nervous nice nifty nostalgic objective
  optimistic peaceful pedantic pensive practical priceless prickly quirky quizzical recursing relaxed reverent romantic
  sad serene sharp sick silly sleepy small stoic strange stupefied suspicious sweet tender thirsty tiny trusting
  unruffled upbeat vibrant vigilant vigorous wizardly wonderful xenodochial youthful zealous zen
`);

const SURNAMES = toWords(`
  agnesi albattani allen almeida antonelli archimedes ardinghelli aryabhata austin babbage banach banzai bardeen bartik
  bassi beaver bell benz bhabha bhaskara black blackburn blackwell bohr booth borg bose bouman boyd brahmagupta brattain
  brown buck burnell cannon carson cartwright carver cerf chandrasekhar chaplygin chatelet chatterjee chaum chebyshev
  clarke cohen colden cori cray curie curran darwin davinci dewdney dhawan diffie dijkstra dirac driscoll dubinsky easley
  edison einstein elbakyan elgamal elion ellis engelbart euclid euler faraday feistel fermat fermi feynman franklin gagarin
  galileo galois ganguly gates gauss germain goldberg goldstine goldwasser golick goodall gould greider grothendieck haibt
  hamilton haslett hawking heisenberg hellman hermann herschel hertz heyrovsky hodgkin hofstadter hoover hopper hugle
  hypatia ishizaka jackson jang jemison jennings jepsen johnson joliot jones kalam kapitsa kare keldysh keller kepler
  khayyam khorana kilby kirch knuth kowalevski lalande lamarr lamport leakey leavitt lederberg lehmann lewin lichterman
  liskov lovelace lumiere mahavira margulis matsumoto maxwell mayer mccarthy mcclintock mclaren mclean mcnulty meitner
  mendel mendeleev meninsky merkle mestorf mirzakhani montalcini moore morse moser murdock napier nash neumann newton
  nightingale nobel noether northcutt noyce panini pare pascal pasteur payne perlman pike poincare poitras proskuriakova
  ptolemy raman ramanujan rhodes ride ritchie robinson roentgen rosalind rubin saha sammet sanderson satoshi shamir
  shannon shaw shirley shockley shtern sinoussi snyder solomon spence stallman stonebraker sutherland swanson swartz
  swirles taussig tereshkova tesla tharp thompson torvalds tu turing varahamihira vaughan villani visvesvaraya volhard
  wescoff wilbur wiles williams williamson wilson wing wozniak wright wu yalow yonath zhukovsky
`);

function toWords(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
