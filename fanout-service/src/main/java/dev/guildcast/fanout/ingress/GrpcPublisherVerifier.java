package dev.guildcast.fanout.ingress;

import dev.guildcast.fanout.publisher.Publishers;
import dev.guildcast.shard.access.CallerVerification;
import dev.guildcast.shard.access.CallerVerification.Caller;
import dev.guildcast.shard.access.CallerVerification.Reason;
import dev.guildcast.shard.access.CallerVerification.Unverified;
import dev.guildcast.shard.access.GrpcCallerVerifier;
import dev.guildcast.shard.access.PeerRole;
import io.grpc.Attributes;
import io.grpc.Metadata;

/// A publisher proves itself by its token, in each call.
final class GrpcPublisherVerifier implements GrpcCallerVerifier {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Publishers publishers;
    private final IngressCounters counters;

    GrpcPublisherVerifier(Publishers publishers, IngressCounters counters) {
        this.publishers = publishers;
        this.counters = counters;
    }

    @Override
    public CallerVerification verify(Attributes transport, Metadata headers) {
        var publisher = publishers.authenticate(headers.get(AUTHORIZATION));
        if (publisher.isEmpty()) {
            counters.onUnauthenticated(Transport.GRPC);
            return new Unverified(Reason.NO_TOKEN);
        }
        return new Caller(PeerRole.PUBLISHER, publisher.get().name());
    }
}
