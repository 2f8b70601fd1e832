/// Publishes voice events: appends them to the log of the guild's shard, each acknowledged before the next.
///
/// Only the publisher's own thread blocks on Kafka.
@NullMarked
package dev.guildcast.voice.event;

import org.jspecify.annotations.NullMarked;
