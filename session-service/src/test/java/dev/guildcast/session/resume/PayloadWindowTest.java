package dev.guildcast.session.resume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.session.testing.TestRecords;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PayloadWindowTest {
    private static final SessionRecord RECORD = TestRecords.deliver(1, "EVENT", "{}", 5);

    @Test
    void forgetsWhatIsOlderThanItsSpanOfLogTime() {
        var window = new PayloadWindow(Duration.ofSeconds(30), 1 << 20);
        window.add(RECORD, 1, 1_000);
        window.add(RECORD, 2, 31_000);
        assertThat(window.at(1)).isNotNull();
        window.add(RECORD, 3, 31_001);
        assertThat(window.at(1)).isNull();
        assertThat(window.at(2)).isEqualTo(new LoggedRecord(RECORD, 31_000));
        assertThat(window.at(9)).isNull();
    }

    @Test
    void forgetsTheOldestWhenItsBytesAreUsedUp() {
        int bytes = RECORD.getSerializedSize();
        var window = new PayloadWindow(Duration.ofSeconds(30), 3L * bytes);
        for (int i = 0; i < 10; i++) {
            window.add(RECORD, i, 1_000);
        }
        assertThat(window.heldBytes()).isEqualTo(3L * bytes);
        assertThat(window.at(6)).isNull();
        assertThat(window.at(7)).isNotNull();
    }

    @Test
    void theNewestAlwaysFits() {
        var window = new PayloadWindow(Duration.ZERO, 1);
        window.add(RECORD, 1, 1_000);
        assertThat(window.at(1)).isNotNull();
    }
}
