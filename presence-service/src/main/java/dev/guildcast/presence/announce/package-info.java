/// Announces presence changes: a change waits for the flap window, the user's guilds are looked up, and the presence is
/// published once to each.
///
/// The coalescer belongs to the presence loop. Lookup and publishing are asynchronous; only the publisher's own thread
/// blocks on Kafka.
@NullMarked
package dev.guildcast.presence.announce;

import org.jspecify.annotations.NullMarked;
