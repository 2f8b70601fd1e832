package dev.guildcast.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.witness.verdict.ClientVerdict;
import dev.guildcast.witness.verdict.DeliveryFault;
import dev.guildcast.witness.verdict.DeliveryFault.Kind;
import dev.guildcast.witness.verdict.Silence;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTableTest {
    private static final long STARTED = 5_000_000_000L;
    private static final Silence SILENCE = new Silence(STARTED + 70_100_000_000L, STARTED + 71_334_000_000L);

    private static ClientVerdict verdict(DeliveryFault... faults) {
        return new ClientVerdict("lookout (JDA)", 10, 9, SILENCE, 2, 0, List.of(faults));
    }

    @Test
    void withoutFaultsItPasses() {
        var table = new VerdictTable(20, List.of(verdict()), List.of(), STARTED);
        assertThat(table.passed()).isTrue();
        assertThat(table.summary()).startsWith("GOOD");
        assertThat(table.table()).contains("lookout (JDA)").contains("1.2 s    70.1 s");
    }

    @Test
    void anyFaultFailsItAndIsListed() {
        for (Kind kind : Kind.values()) {
            var table = new VerdictTable(
                    20, List.of(verdict(new DeliveryFault(kind, "MESSAGE_CREATE guild-1#7"))), List.of(), STARTED);
            assertThat(table.passed()).as(kind.name()).isFalse();
            assertThat(table.summary()).startsWith("BAD: 1 fault");
            assertThat(table.table()).contains("MESSAGE_CREATE guild-1#7");
        }
    }

    @Test
    void aProblemWithPublishingFailsIt() {
        var table = new VerdictTable(20, List.of(verdict()), List.of("rejected: MESSAGE_CREATE direct#3"), STARTED);
        assertThat(table.passed()).isFalse();
        assertThat(table.table()).contains("direct#3");
    }

    @Test
    void manyFaultsAreTruncated() {
        var faults = Collections.nCopies(100, new DeliveryFault(Kind.LOST, "x")).toArray(DeliveryFault[]::new);
        assertThat(new VerdictTable(20, List.of(verdict(faults)), List.of(), STARTED)
                        .table()
                        .lines()
                        .count())
                .isLessThan(20);
    }
}
