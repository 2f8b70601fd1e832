package dev.guildcast.gateway.operation;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Who may change something through the actuator, such as draining (`DELETE /actuator/connections`). It also takes
/// `management.endpoints.access.max-permitted=unrestricted`; both are off by default, since SIGTERM drains without
/// them.
///
/// @param tokenDigest `sha256:` and 64 hex digits: the digest of the operators' bearer token, from
///     `printf %s TOKEN | sha256sum`; blank: nobody
@ConfigurationProperties("gateway.operations")
record OperationProperties(@DefaultValue("") String tokenDigest) {
    OperationProperties {
        if (!tokenDigest.isBlank() && !tokenDigest.matches("sha256:[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "gateway.operations.token-digest is no digest (expected: sha256: and 64 hex"
                            + " digits, from `printf %s TOKEN | sha256sum`)");
        }
    }
}
