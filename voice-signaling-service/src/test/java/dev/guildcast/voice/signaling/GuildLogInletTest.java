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

class GuildLogInletTest {
    private static final long GUILD = 1;
    private static final long OTHER = 2;

    private final Map<Long, Integer> tries = new ConcurrentHashMap<>();
    private int failures;
    private final GuildLogInlet inlet = new GuildLogInlet(this::look, Duration.ofMillis(1));

    private Mono<Void> look(GuildRecord record) {
        long guild = record.getEvent().getGuildId();
        int times = tries.merge(guild, 1, Integer::sum);
        return guild == GUILD && times <= failures ? Mono.error(new IllegalStateException("no owner")) : Mono.empty();
    }

    @Test
    void whatIsNoRecordHoldsUpNothing() {
        inlet.accept(List.of(record(GUILD), new byte[] {7, 7, 7}, record(OTHER)));
        assertThat(tries).isEqualTo(Map.of(GUILD, 1, OTHER, 1));
    }

    @Test
    void whatFailsIsTriedAgainAndTheRestIsNot() {
        failures = 2;
        inlet.accept(List.of(record(GUILD), record(OTHER)));
        assertThat(tries).isEqualTo(Map.of(GUILD, 3, OTHER, 1));
    }

    @Test
    void whatNeverSucceedsIsGivenUp() {
        failures = Integer.MAX_VALUE;
        inlet.accept(List.of(record(GUILD), record(OTHER)));
        assertThat(tries).isEqualTo(Map.of(GUILD, 5, OTHER, 1));
    }

    @Test
    void aLargeFetchIsDoneWhole() {
        inlet.accept(Collections.nCopies(500, record(OTHER)));
        assertThat(tries).isEqualTo(Map.of(OTHER, 500));
    }

    private static byte[] record(long guild) {
        return GuildRecord.newBuilder()
                .setEvent(GuildEvent.newBuilder().setGuildId(guild))
                .build()
                .toByteArray();
    }
}
