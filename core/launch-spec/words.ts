const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Pleasant, neutral words for generated run names. */
export const ADJECTIVES = words(`
  amber ample azure balmy bold brave breezy bright brisk calm candid clear clever cobalt coral cosmic crisp dapper deft eager early
  easy fair fleet fresh gentle gilded glad golden grand hardy honest humble ivory jolly keen kind light lively lucid lunar mellow merry
  mild modest neat nimble noble patient placid plucky polished quiet rapid scarlet serene silver smooth snug solar spry steady sunny
  swift tidy tranquil vivid warm wise
`);
export const NOUNS = words(`
  anchor arbor aurora bay beacon birch bloom breeze bridge brook canyon cedar cliff cloud comet compass coast cove creek delta dune ember
  falcon fern field fjord forest garden glacier grove harbor haven heron hill horizon island jetty kestrel lagoon lantern lark maple marsh
  meadow mesa mist moon mooring oak orchard otter pebble pier pine planet plover prairie quay rapids reef ridge river robin sail shore
  sparrow spring spruce star stream summit swan tide trail valley voyage wave willow wind
`);
