package dev.guildcast.gateway.link;

import dev.guildcast.link.v1.UserGuildsResponse;
import io.grpc.stub.StreamObserver;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.MonoSink;

/// Passes on the number of a user's guilds that a host answers; empty if it does not know, or does not answer.
final class GrpcGuildCountObserver implements StreamObserver<UserGuildsResponse> {
    private static final Logger log = LoggerFactory.getLogger(GrpcGuildCountObserver.class);

    private final String address;
    private final MonoSink<OptionalInt> sink;

    GrpcGuildCountObserver(String address, MonoSink<OptionalInt> sink) {
        this.address = address;
        this.sink = sink;
    }

    @Override
    public void onNext(UserGuildsResponse response) {
        sink.success(
                response.getUsersCount() == 0
                        ? OptionalInt.empty()
                        : OptionalInt.of(response.getUsers(0).getGuildsCount()));
    }

    @Override
    public void onError(Throwable error) {
        log.debug("host {} did not count a user's guilds: {}", address, error.getMessage());
        sink.success(OptionalInt.empty());
    }

    @Override
    public void onCompleted() {
        sink.success(OptionalInt.empty());
    }
}
