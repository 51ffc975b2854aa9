//! The product as its users meet it: a real process, real sockets, a fake Bot API.
