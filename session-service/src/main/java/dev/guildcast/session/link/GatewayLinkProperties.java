package dev.guildcast.session.link;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The streams of gateways.
///
/// @param deadAfter a gateway that sends pings and of which nothing has arrived for so long is considered lost: its
///     stream ends, and the timeout of its sessions begins. Gateways send a ping a second
///     (`gateway.link.ping-interval`): the default lets three of them be late or lost, as on a busy machine, and is
///     noticed within 5 s. At least 1 s
@ConfigurationProperties("session.link")
record GatewayLinkProperties(@DefaultValue("4s") Duration deadAfter) {
    GatewayLinkProperties {
        if (deadAfter.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("session.link.dead-after is " + deadAfter + " (expected: at least 1s)");
        }
    }
}
