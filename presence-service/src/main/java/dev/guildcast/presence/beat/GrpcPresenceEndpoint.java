package dev.guildcast.presence.beat;

import dev.guildcast.presence.v1.BeatBatch;
import dev.guildcast.presence.v1.GetPresences;
import dev.guildcast.presence.v1.PresenceStatesGrpc;
import dev.guildcast.presence.v1.SessionBeat;
import dev.guildcast.presence.v1.StateRequest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hosts beat here, and whoever shows presences looks them up.
///
/// A stream is read one batch at a time: the next is asked for when the loop has taken in the last. Answers that a host
/// does not read are left out; its next beats bring the question again.
final class GrpcPresenceEndpoint extends PresenceStatesGrpc.PresenceStatesImplBase {
    /// Users of one lookup; more are refused.
    static final int LOOKUP_MAX = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(GrpcPresenceEndpoint.class);

    private final Presences presences;

    GrpcPresenceEndpoint(Presences presences) {
        this.presences = presences;
    }

    @Override
    public StreamObserver<BeatBatch> beat(StreamObserver<StateRequest> responses) {
        var call = (ServerCallStreamObserver<StateRequest>) responses;
        var ended = new AtomicBoolean();
        call.disableAutoRequest();
        call.setOnCancelHandler(() -> ended.set(true));
        call.request(1);
        return new StreamObserver<>() {
            @Override
            public void onNext(BeatBatch batch) {
                presences.offer(batch).subscribe(this::onTaken, this::onError);
            }

            private void onTaken(List<SessionBeat> missing) {
                // One batch is in hand at a time, so nobody else writes to this stream now.
                if (!ended.get()) {
                    if (!missing.isEmpty() && call.isReady()) {
                        call.onNext(
                                StateRequest.newBuilder().addAllMissing(missing).build());
                    }
                    call.request(1);
                }
            }

            @Override
            public void onError(Throwable failure) {
                ended.set(true);
                LOG.debug("a host's stream of beats broke: {}", failure.toString());
            }

            @Override
            public void onCompleted() {
                if (ended.compareAndSet(false, true)) {
                    call.onCompleted();
                }
            }
        };
    }

    @Override
    public void get(GetPresences request, StreamObserver<dev.guildcast.presence.v1.Presences> responses) {
        if (request.getUsersCount() > LOOKUP_MAX) {
            responses.onError(Status.INVALID_ARGUMENT
                    .withDescription("users " + request.getUsersCount() + " (expected: at most " + LOOKUP_MAX + ")")
                    .asException());
            return;
        }
        presences
                .get(List.copyOf(new LinkedHashSet<>(request.getUsersList())))
                .subscribe(
                        found -> {
                            responses.onNext(dev.guildcast.presence.v1.Presences.newBuilder()
                                    .addAllUsers(found)
                                    .build());
                            responses.onCompleted();
                        },
                        failure -> responses.onError(Status.UNAVAILABLE
                                .withDescription("presences cannot be read")
                                .asException()));
    }
}
