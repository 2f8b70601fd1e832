package dev.guildcast.witness.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.witness.ScenarioBuilder;
import org.junit.jupiter.api.Test;

class GuildStateTest {
    private final GuildState guild = ScenarioBuilder.world().states().getFirst();

    @Test
    void aHiddenChannelIsSeenByThoseWhoHoldItsRole() {
        assertThat(guild.canView("1", "21")).isTrue();
        assertThat(guild.canView("2", "21")).isFalse();
        assertThat(guild.canView("2", "20")).isTrue();
    }

    @Test
    void theOwnerSeesEverything() {
        assertThat(guild.canView("5", "21")).isTrue();
    }

    @Test
    void anAdministratorSeesWhatOverwritesDeny() {
        GuildState changed = guild.apply(
                "GUILD_ROLE_UPDATE", ScenarioBuilder.json("{'guild_id':'10','role':{'id':'10','permissions':'8'}}"));
        assertThat(changed.canView("2", "21")).isTrue();
    }

    @Test
    void amongRolesOneGrantOutweighsADenial() {
        GuildState changed = guild.apply(
                        "GUILD_ROLE_CREATE", ScenarioBuilder.json("{'role':{'id':'12','permissions':'0'}}"))
                .apply("GUILD_MEMBER_UPDATE", ScenarioBuilder.json("{'user':{'id':'1'},'roles':['11','12']}"))
                .apply(
                        "CHANNEL_UPDATE",
                        ScenarioBuilder.json("{'id':'21','type':0,'permission_overwrites':["
                                + "{'id':'12','type':0,'allow':'0','deny':'1024'},"
                                + "{'id':'11','type':0,'allow':'1024','deny':'0'}]}"));
        assertThat(changed.canView("1", "21")).isTrue();
    }

    @Test
    void aMembersOwnOverwriteComesLast() {
        GuildState changed = guild.apply(
                "CHANNEL_UPDATE",
                ScenarioBuilder.json("{'id':'21','type':0,'permission_overwrites':["
                        + "{'id':'1','type':1,'allow':'0','deny':'1024'},"
                        + "{'id':'11','type':0,'allow':'1024','deny':'0'},"
                        + "{'id':'2','type':1,'allow':'1024','deny':'0'}]}"));
        assertThat(changed.canView("1", "21")).isFalse();
        assertThat(changed.canView("2", "21")).isTrue();
    }

    @Test
    void aThreadIsAsItsParent() {
        GuildState changed = guild.apply(
                "CHANNEL_CREATE",
                ScenarioBuilder.json("{'id':'30','type':11,'parent_id':'21','permission_overwrites':[]}"));
        assertThat(changed.canView("1", "30")).isTrue();
        assertThat(changed.canView("2", "30")).isFalse();
    }

    @Test
    void whoeverHasLeftSeesNothing() {
        GuildState changed = guild.apply("GUILD_MEMBER_REMOVE", ScenarioBuilder.json("{'user':{'id':'1'}}"));
        assertThat(changed.canView("1", "20")).isFalse();
        assertThat(guild.canView("1", "20")).isTrue();
    }

    @Test
    void aDeletedRoleAndADeletedChannelAreGone() {
        assertThat(guild.apply("GUILD_ROLE_DELETE", ScenarioBuilder.json("{'role_id':'11'}"))
                        .canView("1", "21"))
                .isFalse();
        assertThat(guild.apply("CHANNEL_DELETE", ScenarioBuilder.json("{'id':'20'}"))
                        .canView("1", "20"))
                .isFalse();
    }

    @Test
    void aMessageChangesNothing() {
        assertThat(guild.apply("MESSAGE_CREATE", ScenarioBuilder.json("{'id':'1'}")))
                .isSameAs(guild);
    }

    @Test
    void aGuildInOutageIsNotOfTheWorld() {
        assertThat(ScenarioBuilder.world().guilds()).hasSize(1);
        assertThat(ScenarioBuilder.world().logins())
                .extracting(InitialWorld.Login::userId)
                .containsExactly("1", "2");
    }
}
