/// Sends events to the ingress as any backend would, over HTTP. Blocks the calling thread.
@NullMarked
package dev.guildcast.suite.publish;

import org.jspecify.annotations.NullMarked;
