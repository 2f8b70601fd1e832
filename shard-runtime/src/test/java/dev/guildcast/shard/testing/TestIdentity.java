package dev.guildcast.shard.testing;

import dev.guildcast.shard.access.GrpcIdentity;
import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.shard.access.SuiteSecret;

/// The secret that services under test share with the tests.
public final class TestIdentity {
    private static final String SECRET = "the-secret-that-tests-share-with-services";
    /// For a service that a test starts in this JVM.
    public static final String ARGUMENT = "--guildcast.internal.secret=" + SECRET;

    private TestIdentity() {}

    /// Calls services that were started with [#ARGUMENT].
    public static GrpcIdentity of(PeerRole role) {
        return GrpcIdentity.bySecret(SuiteSecret.of(SECRET), role);
    }
}
