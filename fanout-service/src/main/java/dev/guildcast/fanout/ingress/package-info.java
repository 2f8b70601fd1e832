/// Takes events from backends, by gRPC, HTTP and a topic of JSON, and appends them to the logs.
///
/// An event is answered when it stands in its log. HTTP reads bodies on threads of its own, gRPC on its executor, the
/// topic on its consumer's thread; appends are sent by one thread, and answers are completed by Kafka's.
@NullMarked
package dev.guildcast.fanout.ingress;

import org.jspecify.annotations.NullMarked;
