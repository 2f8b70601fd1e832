/// How a change of presence becomes news: it settles, the user's guilds are asked for, and each is told once.
///
/// The coalescer belongs to the presence loop. Asking and publishing are asynchronous; only the publisher's own thread
/// ever waits for Kafka.
@NullMarked
package dev.guildcast.presence.event;

import org.jspecify.annotations.NullMarked;
