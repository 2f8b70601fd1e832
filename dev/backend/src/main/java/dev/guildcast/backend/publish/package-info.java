/// How the backend tells Guildcast what happened. gRPC threads and one timer.
@NullMarked
package dev.guildcast.backend.publish;

import org.jspecify.annotations.NullMarked;
