package dev.guildcast.voice.signaling;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.event.v1.GuildRecord;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/// Consumes the guilds' logs for backend changes to users in voice.
///
/// Runs on the binder's own thread, which blocks until a whole fetch is handled; only then is its offset committed. A
/// failed record is retried and finally skipped: the next op 4 of its user corrects the state.
///
/// - **Bound:** one fetch, [#RECORDS_IN_FLIGHT_MAX] of its records at a time, so that a fetch of 500 is handled or
///   skipped long before the consumer group's poll timeout.
final class GuildLogConsumer implements Consumer<List<byte[]>> {
    /// Records handled at a time; those of one guild still run in order.
    private static final int RECORDS_IN_FLIGHT_MAX = 64;

    /// Retries of a record, with doubled delays: about 15 s by default, enough for a change of the shard's owner.
    private static final int RETRIES_MAX = 4;
    private static final Logger log = LoggerFactory.getLogger(GuildLogConsumer.class);

    private final Function<GuildRecord, Mono<Void>> handler;
    private final Duration retryBackoff;

    /// @param handler handles a record; may be called again for the same record, and in another order
    /// @param retryBackoff before the first retry; doubles with each
    GuildLogConsumer(Function<GuildRecord, Mono<Void>> handler, Duration retryBackoff) {
        this.handler = handler;
        this.retryBackoff = retryBackoff;
    }

    @Override
    public void accept(List<byte[]> records) {
        Flux.fromIterable(records).flatMap(this::handle, RECORDS_IN_FLIGHT_MAX).blockLast();
    }

    private Mono<Void> handle(byte[] bytes) {
        GuildRecord record;
        try {
            record = GuildRecord.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            log.warn(
                    "skipped a record of guild.events of {} bytes that cannot be parsed: {}; if it changed a user in voice,"
                            + " voice states are stale until the user's next update",
                    bytes.length,
                    e.getMessage());
            return Mono.empty();
        }
        return Mono.defer(() -> handler.apply(record))
                .retryWhen(Retry.backoff(RETRIES_MAX, retryBackoff))
                .onErrorResume(failure -> {
                    log.warn(
                            "skipped a backend change to voice in guild {} after {} retries, the first of them after {}: {};"
                                    + " voice states of the guild may be stale until the users' next update",
                            Long.toUnsignedString(record.getEvent().getGuildId()),
                            RETRIES_MAX,
                            retryBackoff,
                            failure.toString());
                    return Mono.empty();
                });
    }
}
