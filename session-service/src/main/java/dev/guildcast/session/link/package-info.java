/// The gRPC edge of session hosts: gateways connect here, one stream each.
///
/// gRPC's threads only hand messages over to shards' loops, where everything about a session is decided and pushed.
@NullMarked
package dev.guildcast.session.link;

import org.jspecify.annotations.NullMarked;
