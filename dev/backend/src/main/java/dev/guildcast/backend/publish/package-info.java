/// Publishes the backend's events to Guildcast. gRPC threads and one timer.
@NullMarked
package dev.guildcast.backend.publish;

import org.jspecify.annotations.NullMarked;
