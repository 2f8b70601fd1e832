package dev.guildcast.voice.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RegionPolicyTest {
    private final RegionPolicy policy = new RegionPolicy("home");

    @Test
    void triesTheChannelsRegionThenTheUsersThenTheDefaultThenAnyOther() {
        assertThat(policy.order("sydney", "tokyo", List.of("zurich", "oslo", "tokyo")))
                .containsExactly("sydney", "tokyo", "home", "oslo", "zurich");
    }

    @Test
    void skipsUnspecifiedRegions() {
        assertThat(policy.order("", "", List.of())).containsExactly("home");
        assertThat(policy.order("home", "home", List.of("home"))).containsExactly("home");
    }
}
