package dev.guildcast.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.witness.model.GuildState;
import dev.guildcast.witness.model.InitialWorld;
import dev.guildcast.witness.traffic.TrafficPlan;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DemoWorldTest {
    private final InitialWorld world = DemoWorld.read(Optional.empty());
    private final List<String> bots = world.logins().stream()
            .filter(InitialWorld.Login::bot)
            .map(InitialWorld.Login::userId)
            .toList();

    @Test
    void hasABotForEachClientAndEachIsInEveryGuild() {
        assertThat(bots).hasSize(4).doesNotHaveDuplicates();
        assertThat(world.states()).hasSize(3).allMatch(guild -> bots.stream().allMatch(guild::hasMember));
    }

    @Test
    void noTwoBotsSeeTheSameChannels() {
        var views = new HashSet<List<String>>();
        for (String bot : bots) {
            views.add(world.states().stream()
                    .flatMap(guild -> guild.channels().keySet().stream().filter(channel -> guild.canView(bot, channel)))
                    .sorted()
                    .toList());
        }
        assertThat(views).hasSize(bots.size());
    }

    @Test
    void everyGuildHasAChannelThatEveryoneSeesAndOneThatIsHiddenFromSomeone() {
        for (GuildState guild : world.states()) {
            assertThat(guild.channels().keySet())
                    .anyMatch(channel -> bots.stream().allMatch(bot -> guild.canView(bot, channel)))
                    .anyMatch(channel -> bots.stream().anyMatch(bot -> !guild.canView(bot, channel)));
        }
    }

    @Test
    void yieldsAPlanWithAPublisherForEachGuildAndOneOnTheTopic() {
        TrafficPlan plan = TrafficPlan.of(1, world, bots, 60, 50);
        assertThat(plan.events()).containsOnlyKeys("guild-1", "guild-2", "guild-3", "guest", "direct");
        assertThat(plan.topicPublisher()).isEqualTo("guild-3");
        assertThat(plan.inOrder()).hasSize(3000);
    }
}
