/// What a host and a gateway say to each other about the sessions between them.
///
/// gRPC threads only hand messages over: everything about a session is decided and pushed on its shard's loop. Several
/// loops write to one gateway's stream; [GatewayLink] is what they share.
@NullMarked
package dev.guildcast.session.link;

import org.jspecify.annotations.NullMarked;
