package dev.guildcast.shard.identity;

import dev.guildcast.shard.access.SuiteSecret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How the processes of an installation prove their roles to each other; either `tls` or a secret is required.
///
/// @param tls whether calls use mutual TLS, with the SSL bundle `internal` (`spring.ssl.bundle.pem.internal.*`); its
///     certificate names the role of this process, and with `reload-on-update` a renewed one is used without a restart;
///     off by default, since a single machine has no authority
/// @param identityPrefix begins the URI among the alternative names of each certificate; the role follows it.
///     Installations whose certificates come from one authority need different ones
/// @param secret what the processes of one machine share instead of certificates, 32 to 512 characters; set it by the
///     environment, never as an argument, which any user of the machine can read
/// @param secretFile a file that contains the secret and is open to its owner only
/// @param plaintext whether gRPC may listen beyond the loopback address without TLS; then whoever reads the network
///     has the secret, and with it every role: only where the network itself encrypts
@ConfigurationProperties("guildcast.internal")
public record InternalProperties(
        @DefaultValue("false") boolean tls,

        @DefaultValue("spiffe://guildcast.internal/guildcast/")
        String identityPrefix,

        @Nullable String secret,
        @Nullable Path secretFile,
        @DefaultValue("false") boolean plaintext) {
    /// The secret from either property.
    ///
    /// @throws IllegalArgumentException if there is none, or it cannot be used; the message does not contain it
    SuiteSecret requiredSecret() {
        if (secret != null && !secret.isBlank()) {
            return SuiteSecret.of(secret);
        }
        if (secretFile != null) {
            return SuiteSecret.read(secretFile);
        }
        throw new IllegalArgumentException(
                "nothing proves this process's role to the others: set guildcast.internal.tls"
                        + " and the SSL bundle `internal`, or on one machine GUILDCAST_INTERNAL_SECRET or"
                        + " guildcast.internal.secret-file (expected: the same for all processes of the suite)");
    }

    @Override
    public String toString() {
        return "InternalProperties[tls=" + tls + ", identityPrefix=" + identityPrefix + ", secret=hidden, secretFile="
                + secretFile + ", plaintext=" + plaintext + "]";
    }
}
