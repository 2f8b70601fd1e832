package dev.guildcast.suite.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WorldStartTest {
    @Test
    void aFewUsersWhoAreMissingAreListed() {
        assertThat(WorldStart.missingText(List.of(5L, -1L)))
                .isEqualTo("waiting until the world's users are in all their guilds; these are not yet: "
                        + "5, 18446744073709551615");
    }

    @Test
    void ofManyUsersWhoAreMissingTenAreListed() {
        var text =
                WorldStart.missingText(LongStream.rangeClosed(1, 20_000).boxed().toList());
        assertThat(text).endsWith(" 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 19990 others");
    }
}
