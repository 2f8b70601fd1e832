/// Publishes events to ingress as any backend does, over gRPC or HTTP. Blocks the calling thread.
@NullMarked
package dev.guildcast.suite.publish;

import org.jspecify.annotations.NullMarked;
