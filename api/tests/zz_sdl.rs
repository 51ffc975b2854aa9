//! Temporary.
#[test]
fn print() { std::fs::write("/tmp/sdlgen/schema.graphql", api::schema::sdl()).unwrap(); }
