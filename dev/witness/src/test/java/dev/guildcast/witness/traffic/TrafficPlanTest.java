package dev.guildcast.witness.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.witness.ScenarioBuilder;
import dev.guildcast.witness.model.GuildState;
import dev.guildcast.witness.model.InitialWorld;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TrafficPlanTest {
    private static final InitialWorld WORLD = ScenarioBuilder.world();
    private static final List<String> CLIENTS = List.of("1", "2");

    @Test
    void theSameSeedGivesTheSamePlanAndAnotherOneAnother() {
        assertThat(TrafficPlan.of(7, WORLD, CLIENTS, 20, 50)).isEqualTo(TrafficPlan.of(7, WORLD, CLIENTS, 20, 50));
        assertThat(TrafficPlan.of(7, WORLD, CLIENTS, 20, 50)).isNotEqualTo(TrafficPlan.of(8, WORLD, CLIENTS, 20, 50));
    }

    @Test
    void thePlanHasItsSizeAndEveryPublisherCountsFromOne() {
        TrafficPlan plan = TrafficPlan.of(7, WORLD, CLIENTS, 20, 50);
        assertThat(plan.inOrder()).hasSize(1000);
        assertThat(plan.events()).containsOnlyKeys("guild-1", "guest", "direct");
        plan.events()
                .values()
                .forEach(events -> assertThat(events)
                        .extracting(PlannedEvent::sequence)
                        .isSorted()
                        .doesNotHaveDuplicates()
                        .startsWith(1L));
    }

    @Test
    void everyEventIsPossibleWhereItStands() {
        long seed = new Random().nextLong();
        TrafficPlan plan = TrafficPlan.of(seed, WORLD, CLIENTS, 120, 50);
        GuildState guild = WORLD.states().getFirst();
        for (PlannedEvent event : plan.events().getOrDefault("guild-1", List.of())) {
            String what = "seed " + seed + ": " + event.type() + " " + event.sequence();
            JsonNode body = event.body();
            String user = body.path("user").path("id").asString("");
            String id = body.path("id").asString("");
            switch (event.type()) {
                case "CHANNEL_CREATE" -> assertThat(guild.channels()).as(what).doesNotContainKey(id);
                case "CHANNEL_UPDATE", "CHANNEL_DELETE" ->
                    assertThat(guild.channels()).as(what).containsKey(id);
                case "GUILD_MEMBER_ADD" ->
                    assertThat(guild.hasMember(user)).as(what).isFalse();
                case "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE" ->
                    assertThat(guild.hasMember(user)).as(what).isTrue();
                case "GUILD_ROLE_DELETE" ->
                    assertThat(guild.roles())
                            .as(what)
                            .containsKey(body.path("role_id").asString());
                case "GUILD_ROLE_UPDATE" ->
                    assertThat(guild.roles())
                            .as(what)
                            .containsKey(body.path("role").path("id").asString());
                case "GUILD_ROLE_CREATE", "GUILD_UPDATE" -> {}
                default ->
                    assertThat(guild.channels())
                            .as(what)
                            .containsKey(body.path("channel_id").asString());
            }
            guild = guild.apply(event.type(), body);
        }
    }

    @Test
    void aLongPlanHasEveryKindOfEventAndClientsThatLeaveAndComeBack() {
        TrafficPlan plan = TrafficPlan.of(7, WORLD, CLIENTS, 120, 50);
        var types = new HashSet<String>();
        plan.inOrder().forEach(event -> types.add(event.type()));
        assertThat(types)
                .contains(
                        "MESSAGE_CREATE",
                        "MESSAGE_UPDATE",
                        "MESSAGE_DELETE",
                        "MESSAGE_REACTION_ADD",
                        "TYPING_START",
                        "CHANNEL_CREATE",
                        "CHANNEL_UPDATE",
                        "CHANNEL_DELETE",
                        "GUILD_ROLE_CREATE",
                        "GUILD_ROLE_UPDATE",
                        "GUILD_ROLE_DELETE",
                        "GUILD_MEMBER_ADD",
                        "GUILD_MEMBER_UPDATE",
                        "GUILD_MEMBER_REMOVE");
        assertThat(plan.inOrder())
                .anyMatch(event -> event.type().equals("GUILD_MEMBER_ADD")
                        && event.body().path("user").path("id").asString().equals("1"));
    }

    @Test
    void directMessagesNameTheirUserAndNoGuild() {
        assertThat(TrafficPlan.of(7, WORLD, CLIENTS, 20, 50).events().getOrDefault("direct", List.of()))
                .isNotEmpty()
                .allMatch(event -> event.guildId().isEmpty()
                        && CLIENTS.containsAll(event.users())
                        && event.body().path("guild_id").isMissingNode());
    }

    @Test
    void aWorldWithoutClientsIsRejected() {
        assertThatThrownBy(() -> TrafficPlan.of(7, WORLD, List.of(), 20, 50)).hasMessageContaining("no clients");
    }
}
