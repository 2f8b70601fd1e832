package dev.guildcast.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.witness.verdict.ClientVerdict;
import dev.guildcast.witness.verdict.Fault;
import dev.guildcast.witness.verdict.Fault.Kind;
import dev.guildcast.witness.verdict.Silence;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTableTest {
    private static final long BEGAN = 5_000_000_000L;
    private static final Silence SILENCE = new Silence(BEGAN + 70_100_000_000L, BEGAN + 71_334_000_000L);

    private static ClientVerdict verdict(Fault... faults) {
        return new ClientVerdict("lookout (JDA)", 10, 9, SILENCE, 2, 0, List.of(faults));
    }

    @Test
    void withoutFaultsItIsGood() {
        var table = new VerdictTable(20, List.of(verdict()), List.of(), BEGAN);
        assertThat(table.good()).isTrue();
        assertThat(table.line()).startsWith("GOOD");
        assertThat(table.text()).contains("lookout (JDA)").contains("1.2 s    70.1 s");
    }

    @Test
    void anyFaultMakesItBadAndIsNamed() {
        for (Kind kind : Kind.values()) {
            var table = new VerdictTable(
                    20, List.of(verdict(new Fault(kind, "MESSAGE_CREATE guild-1#7"))), List.of(), BEGAN);
            assertThat(table.good()).as(kind.name()).isFalse();
            assertThat(table.line()).startsWith("BAD: 1 fault");
            assertThat(table.text()).contains("MESSAGE_CREATE guild-1#7");
        }
    }

    @Test
    void aProblemWithPublishingMakesItBad() {
        var table = new VerdictTable(20, List.of(verdict()), List.of("refused: MESSAGE_CREATE direct#3"), BEGAN);
        assertThat(table.good()).isFalse();
        assertThat(table.text()).contains("direct#3");
    }

    @Test
    void manyFaultsAreCut() {
        var faults = Collections.nCopies(100, new Fault(Kind.LOST, "x")).toArray(Fault[]::new);
        assertThat(new VerdictTable(20, List.of(verdict(faults)), List.of(), BEGAN)
                        .text()
                        .lines()
                        .count())
                .isLessThan(20);
    }
}
