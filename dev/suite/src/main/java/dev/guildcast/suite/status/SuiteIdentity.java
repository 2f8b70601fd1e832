package dev.guildcast.suite.status;

import dev.guildcast.shard.access.GrpcIdentity;
import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.shard.access.SuiteSecret;
import java.io.UncheckedIOException;

/// Calls the services of a running suite, by the secret in its folder.
public final class SuiteIdentity {
    private SuiteIdentity() {}

    /// @param role that the caller takes
    /// @throws IllegalStateException if the secret cannot be read; the message is for the user
    public static GrpcIdentity of(SuiteFolder folder, PeerRole role) {
        try {
            return GrpcIdentity.bySecret(SuiteSecret.read(folder.internalSecret()), role);
        } catch (UncheckedIOException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "the suite's services cannot be called: " + e.getMessage() + "; run as the user who started it", e);
        }
    }
}
