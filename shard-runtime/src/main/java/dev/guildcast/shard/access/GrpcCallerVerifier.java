package dev.guildcast.shard.access;

import io.grpc.Attributes;
import io.grpc.Metadata;

/// Verifies who makes a call. Called on any thread, for each call; never blocks.
@FunctionalInterface
public interface GrpcCallerVerifier {
    /// @param transport the connection's attributes
    /// @param headers of the call
    CallerVerification verify(Attributes transport, Metadata headers);
}
