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

/// The gRPC service: session hosts stream their beats, and other services look presences up.
///
/// A stream is read one batch at a time: the next is requested when the loop has processed the last. A request for
/// missing states is skipped while the host's stream is not ready; the host's next beats repeat it.
final class GrpcPresenceEndpoint extends PresenceStatesGrpc.PresenceStatesImplBase {
    /// Users of one lookup; more are rejected, which bounds the store reads of one call and the size of its response.
    static final int LOOKUP_USERS_MAX = 5_000;

    private static final Logger log = LoggerFactory.getLogger(GrpcPresenceEndpoint.class);

    private final PresenceTracker tracker;

    GrpcPresenceEndpoint(PresenceTracker tracker) {
        this.tracker = tracker;
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
                tracker.offerBatch(batch).subscribe(this::onTaken, this::onError);
            }

            private void onTaken(List<SessionBeat> missing) {
                // One batch is processed at a time, so no other thread writes to this stream now.
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
                log.debug("the beat stream of a session host failed: {}", failure.toString());
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
        if (request.getUsersCount() > LOOKUP_USERS_MAX) {
            responses.onError(Status.INVALID_ARGUMENT
                    .withDescription(
                            "users " + request.getUsersCount() + " (expected: at most " + LOOKUP_USERS_MAX + ")")
                    .asException());
            return;
        }
        tracker.lookUp(List.copyOf(new LinkedHashSet<>(request.getUsersList())))
                .subscribe(
                        found -> {
                            responses.onNext(dev.guildcast.presence.v1.Presences.newBuilder()
                                    .addAllUsers(found)
                                    .build());
                            responses.onCompleted();
                        },
                        failure -> responses.onError(Status.UNAVAILABLE
                                .withDescription("presences cannot be loaded; retry later")
                                .asException()));
    }
}
