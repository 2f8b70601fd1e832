/// The stream to one gateway as shards use it: flow control by credit and transport readiness, and the messages.
///
/// Several shards' loops and the stream's own threads share one [GatewayLink]; nothing here blocks or queues.
@NullMarked
package dev.guildcast.session.stream;

import org.jspecify.annotations.NullMarked;
