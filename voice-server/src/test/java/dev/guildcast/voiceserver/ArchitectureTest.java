package dev.guildcast.voiceserver;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.guildcast.shard.testing.PackageRules;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String ROOT = "dev.guildcast.voiceserver";

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void packagesHaveNoCycles() {
        PackageRules.assertFreeOfCycles(classes, ROOT);
    }

    @Test
    void onlyTheSocketPackageTouchesTheNetwork() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".socket")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.channels..", "io.netty..")
                .check(classes);
    }

    @Test
    void onlyWiringPropertiesAndHealthKnowSpringAndOnlyMetricsMicrometer() {
        onlyNamed(
                Set.of("Application", "Configuration", "Properties", "Health"),
                Set.of("org.springframework.boot..", "org.springframework.context.."));
        onlyNamed(Set.of("Metrics", "Configuration"), Set.of("io.micrometer.."));
    }

    @Test
    void onlyTheCryptoPackageKnowsCiphers() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".crypto")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("javax.crypto..")
                .check(classes);
    }

    @Test
    void noPackageIsNamedForALayer() {
        noClasses()
                .should()
                .resideInAnyPackage("..controller..", "..service..", "..dto..", "..impl..", "..util..", "..config..")
                .check(classes);
    }

    private void onlyNamed(Set<String> endings, Set<String> packages) {
        noClasses()
                .that(describe(
                        "are not named for it",
                        type -> Stream.of(type.getSimpleName())
                                .noneMatch(name -> endings.stream().anyMatch(name::endsWith))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages.toArray(String[]::new))
                .check(classes);
    }
}
