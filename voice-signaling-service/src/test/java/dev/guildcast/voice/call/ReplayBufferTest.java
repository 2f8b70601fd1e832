package dev.guildcast.voice.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.voice.protocol.VoiceOpcode;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayBufferTest {
    private static final String D = "{\"user_id\":\"1\"}";

    private final ReplayBuffer buffer = new ReplayBuffer(2000);

    @Test
    void numbersFromOneAndAnswersWithWhatCameAfter() {
        assertThat(add(3)).endsWith("\"seq\":3}");
        assertThat(numbersAfter(1)).containsExactly(2, 3);
        assertThat(numbersAfter(3)).isEmpty();
        // Some clients say 0 and some -1 for "nothing received".
        assertThat(numbersAfter(0)).containsExactly(1, 2, 3);
        assertThat(numbersAfter(-1)).containsExactly(1, 2, 3);
    }

    @Test
    void refusesANumberThatItNeverGaveOrHasDropped() {
        add(3);
        assertThat(buffer.after(4)).isEmpty();
        add(100);
        assertThat(buffer.after(1)).isEmpty();
        assertThat(buffer.after(-1)).isEmpty();
        assertThat(numbersAfter(100)).containsExactly(101, 102, 103);
    }

    @Test
    void forgetsWhatWasAcknowledged() {
        add(5);
        buffer.onAcknowledged(3);
        assertThat(buffer.after(2)).isEmpty();
        assertThat(numbersAfter(3)).containsExactly(4, 5);
        buffer.onAcknowledged(-1);
        assertThat(numbersAfter(3)).containsExactly(4, 5);
    }

    @Test
    void wrapsAfter65535() {
        add(65_535);
        assertThat(add(2)).endsWith("\"seq\":1}");
        assertThat(numbersAfter(65_534)).containsExactly(65_535, 0, 1);
        assertThat(numbersAfter(0)).containsExactly(1);
        buffer.onAcknowledged(0);
        assertThat(buffer.after(65_535)).isEmpty();
        assertThat(numbersAfter(0)).containsExactly(1);
    }

    private String add(int count) {
        String last = "";
        for (int i = 0; i < count; i++) {
            last = buffer.add(VoiceOpcode.CLIENT_DISCONNECT, D);
        }
        return last;
    }

    private List<Integer> numbersAfter(int sequence) {
        return buffer.after(sequence).orElseThrow().stream()
                .map(text -> Integer.parseInt(text.substring(text.indexOf("\"seq\":") + 6, text.length() - 1)))
                .toList();
    }
}
