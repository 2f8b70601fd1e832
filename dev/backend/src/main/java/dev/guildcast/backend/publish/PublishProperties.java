package dev.guildcast.backend.publish;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where events go.
///
/// @param target `host:port` of the ingress over gRPC
/// @param token of this publisher
/// @param publisher its name, by which repeats are recognised; two backends never share one
/// @param outstandingMax events without an answer; more are refused at once, and the ingress itself takes 1024 at most
@ConfigurationProperties("backend.ingress")
public record PublishProperties(
        String target,
        String token,
        @DefaultValue("backend") String publisher,
        @DefaultValue("1024") int outstandingMax) {
    private static final int OUTSTANDING_MAX = 1_024;

    public PublishProperties {
        if (outstandingMax < 1 || outstandingMax > OUTSTANDING_MAX) {
            throw new IllegalArgumentException("backend.ingress.outstanding-max is " + outstandingMax
                    + " (expected: 1 to " + OUTSTANDING_MAX + ", the window in which repeats are recognised)");
        }
    }
}
