package dev.guildcast.backend.publish;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where and as whom events are published.
///
/// @param target `host:port` of the ingress over gRPC
/// @param token of this publisher
/// @param publisher its name, by which repeats are recognised; two backends never share one
/// @param outstandingMax unacknowledged events; more are rejected at once, and ingress itself accepts at most 1024
@ConfigurationProperties("backend.ingress")
public record PublishProperties(
        String target,
        String token,
        @DefaultValue("backend") String publisher,
        @DefaultValue("1024") int outstandingMax) {
    /// The ingress recognises repeats among this many sequences; an older one could be appended twice.
    private static final int OUTSTANDING_MAX = 1_024;

    public PublishProperties {
        if (outstandingMax < 1 || outstandingMax > OUTSTANDING_MAX) {
            throw new IllegalArgumentException("backend.ingress.outstanding-max is " + outstandingMax
                    + " (expected: 1 to " + OUTSTANDING_MAX + ", the window in which repeats are recognised)");
        }
    }
}
