package dev.guildcast.voiceserver.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.voiceserver.crypto.EncryptionMode;
import dev.guildcast.voiceserver.crypto.TransportKey;
import dev.guildcast.voiceserver.limit.RateLimit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SsrcIndexTest {
    private final Participant participant = new Participant(
            new Room(1, 1),
            new NewParticipant(
                    1,
                    EncryptionMode.AEAD_AES256_GCM_RTPSIZE,
                    TransportKey.of(new byte[32]),
                    120,
                    List.of(new MediaStream(1, StreamKind.VOICE)),
                    VoiceFlags.NONE),
            new StreamRates(1, 1, 1),
            0);

    @Test
    void agreesWithAMap() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var index = new SsrcIndex();
        Map<Integer, InboundStream> model = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            // Few of them, in a row and with gaps, so that chains grow and break.
            int ssrc = random.nextInt(1, 400) * (random.nextBoolean() ? 1 : 0x10001);
            var known = model.get(ssrc);
            assertThat(index.get(ssrc)).as("seed " + seed).isSameAs(known);
            if (known == null) {
                var stream =
                        new InboundStream(participant, new MediaStream(ssrc, StreamKind.VOICE), new RateLimit(1, 1));
                index.add(stream);
                model.put(ssrc, stream);
            } else if (random.nextBoolean()) {
                index.remove(known);
                model.remove(ssrc);
            }
            assertThat(index.size()).as("seed " + seed).isEqualTo(model.size());
        }
        model.forEach(
                (ssrc, stream) -> assertThat(index.get(ssrc)).as("seed " + seed).isSameAs(stream));
    }
}
