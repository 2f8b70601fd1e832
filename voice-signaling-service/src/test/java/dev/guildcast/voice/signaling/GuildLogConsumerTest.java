package dev.guildcast.voice.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class GuildLogConsumerTest {
    private static final long GUILD = 1;
    private static final long OTHER = 2;

    private final Map<Long, Integer> attempts = new ConcurrentHashMap<>();
    private int failures;
    private final GuildLogConsumer consumer = new GuildLogConsumer(this::handle, Duration.ofMillis(1));

    private Mono<Void> handle(GuildRecord record) {
        long guild = record.getEvent().getGuildId();
        int attempt = attempts.merge(guild, 1, Integer::sum);
        return guild == GUILD && attempt <= failures ? Mono.error(new IllegalStateException("no owner")) : Mono.empty();
    }

    @Test
    void skipsAMalformedRecord() {
        consumer.accept(List.of(record(GUILD), new byte[] {7, 7, 7}, record(OTHER)));
        assertThat(attempts).isEqualTo(Map.of(GUILD, 1, OTHER, 1));
    }

    @Test
    void retriesOnlyTheFailedRecord() {
        failures = 2;
        consumer.accept(List.of(record(GUILD), record(OTHER)));
        assertThat(attempts).isEqualTo(Map.of(GUILD, 3, OTHER, 1));
    }

    @Test
    void givesUpAfterTheLastRetry() {
        failures = Integer.MAX_VALUE;
        consumer.accept(List.of(record(GUILD), record(OTHER)));
        assertThat(attempts).isEqualTo(Map.of(GUILD, 5, OTHER, 1));
    }

    @Test
    void handlesEveryRecordOfALargeFetch() {
        consumer.accept(Collections.nCopies(500, record(OTHER)));
        assertThat(attempts).isEqualTo(Map.of(OTHER, 500));
    }

    private static byte[] record(long guild) {
        return GuildRecord.newBuilder()
                .setEvent(GuildEvent.newBuilder().setGuildId(guild))
                .build()
                .toByteArray();
    }
}
