/// A session log in memory and shards that apply it, for tests: single-threaded, driven by hand.
@NullMarked
package dev.guildcast.session.testing;

import org.jspecify.annotations.NullMarked;
