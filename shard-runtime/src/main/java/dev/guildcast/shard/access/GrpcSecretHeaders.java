package dev.guildcast.shard.access;

import dev.guildcast.shard.access.CallerVerification.Caller;
import dev.guildcast.shard.access.CallerVerification.Reason;
import dev.guildcast.shard.access.CallerVerification.Unverified;
import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.Metadata;
import java.util.concurrent.Executor;

/// A suite's secret and the caller's role as headers of each call: both ends.
///
/// The role is the caller's word: who has the secret may take any. It keeps the processes of one machine to the table
/// as certificates do in a cluster, so that a missing row is noticed here first.
final class GrpcSecretHeaders extends CallCredentials implements GrpcCallerVerifier {
    private static final Metadata.Key<String> SECRET =
            Metadata.Key.of("guildcast-secret", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> ROLE =
            Metadata.Key.of("guildcast-role", Metadata.ASCII_STRING_MARSHALLER);

    private final SuiteSecret secret;
    private final PeerRole own;

    GrpcSecretHeaders(SuiteSecret secret, PeerRole own) {
        this.secret = secret;
        this.own = own;
    }

    @Override
    public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
        var headers = new Metadata();
        headers.put(SECRET, secret.text());
        headers.put(ROLE, own.text());
        applier.apply(headers);
    }

    @Override
    public CallerVerification verify(Attributes transport, Metadata headers) {
        var shown = headers.get(SECRET);
        var role = headers.get(ROLE);
        if (shown == null || role == null) {
            return new Unverified(Reason.NO_SECRET);
        }
        var known = PeerRole.of(role);
        // A publisher has a token of its own, whose permissions the secret would pass by.
        return secret.matches(shown) && known.isPresent() && known.get() != PeerRole.PUBLISHER
                ? new Caller(known.get(), role)
                : new Unverified(Reason.WRONG_SECRET);
    }
}
