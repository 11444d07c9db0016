// SPDX-License-Identifier: GPL-2.0-or-later
// A profile of two networks in the window: one is shown, the other one can be chosen, the file keeps both.
#include "gui/counting_bar.h"
#include "gui/page_deck.h"
#include "gui/pages/summary_page.h"
#include "profiler/profile_json.h"
#include "tests/gui/window_fixture.h"
#include "tests/support/two_networks.h"

#include <QComboBox>
#include <QLabel>
#include <QTest>

namespace simprof::gui {
namespace {

using test::sampleProfile;
using test::twoNetworks;

TEST_F(Window, OfSeveralNetworksOneIsShownAndAnotherCanBeChosen) {
    MainWindow window(sampleRun);
    window.resize(1280, 800);
    window.setDocument(std::make_shared<const Document>(twoNetworks()));
    window.show();
    window.showPage(PageId::Layers);
    QComboBox* networks = window.deck()->countingBar()->networks();
    ASSERT_EQ(networks->count(), 2);
    EXPECT_TRUE(networks->isVisible());
    EXPECT_EQ(networks->itemText(1), QStringLiteral("2 wake"));
    EXPECT_EQ(window.document()->profile.layers.size(), sampleProfile().layers.size());

    window.showNetwork(1);
    EXPECT_EQ(window.document()->profile.network.name, "wake");
    EXPECT_EQ(window.document()->profile.layers.size(), 2U);
    EXPECT_EQ(networks->currentIndex(), 1);
    EXPECT_EQ(window.document()->saved(), twoNetworks()) << "saving keeps both";
}

TEST_F(Window, AWhatIfAndAnotherNetworkAreSaid) {
    Profile profile = sampleProfile();
    profile.whatIf =
        ProfileWhatIf{{{"weights=sram", "the flatbuffer, in SRAM1", 100, "SRAM1"}}, profile.totals.cycles, 1};
    profile.firmware.changed = "its network at 0x08001000 is replaced by kws.tflite";
    MainWindow window(sampleRun);
    window.setDocument(std::make_shared<const Document>(profile));
    window.show();
    QString all;
    for (const QLabel* label : window.summaryPage()->findChildren<QLabel*>()) {
        all += label->text() + QLatin1Char('\n');
    }
    EXPECT_TRUE(all.contains(QStringLiteral("weights=sram: the flatbuffer, in SRAM1")));
    EXPECT_TRUE(all.contains(QStringLiteral("is replaced by kws.tflite")));
    EXPECT_TRUE(window.windowTitle().contains(QStringLiteral("what if weights=sram")));
}

TEST_F(Window, OneNetworkIsNoChoice) {
    MainWindow window(sampleRun);
    window.setDocument(std::make_shared<const Document>(sampleProfile()));
    window.show();
    window.showPage(PageId::Layers);
    EXPECT_FALSE(window.deck()->countingBar()->networks()->isVisible());
    window.showNetwork(0);
    EXPECT_EQ(window.document()->profile, sampleProfile());
}

TEST(Runs, AnotherNetworkOfARunIsThatRun) {
    Runs runs;
    const auto run = std::make_shared<const Document>(twoNetworks());
    runs.add(run);
    EXPECT_EQ(runs.numberOf(std::make_shared<const Document>(run->whole, 1)), 1U);
    EXPECT_EQ(runs.numberOf(std::make_shared<const Document>(twoNetworks())), 0U);
}

} // namespace
} // namespace simprof::gui
