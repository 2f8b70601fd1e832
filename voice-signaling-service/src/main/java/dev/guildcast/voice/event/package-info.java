/// How clients learn of voice: events appended to the log of the guild's shard, each acknowledged before the next.
///
/// Only the publisher's own thread ever waits for Kafka.
@NullMarked
package dev.guildcast.voice.event;

import org.jspecify.annotations.NullMarked;
