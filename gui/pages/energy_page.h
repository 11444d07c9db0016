// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/pages/page.h"
#include "gui/views/bars_view.h"
#include "gui/views/legend_view.h"
#include "gui/views/power_view.h"
#include "profiler/energy/duty_cycle.h"

#include <QVariantMap>

#include <functional>
#include <vector>

class QDoubleSpinBox;
class QGridLayout;
class QLabel;
class QScrollArea;
class QSlider;

namespace simprof::gui {

class Card;
class Tile;

/// Power over time, energy per layer, and what battery or harvester a duty cycle needs.
class EnergyPage : public Page {
    Q_OBJECT
public:
    EnergyPage(Selection* selection, QWidget* parent);

    void setDocument(DocumentPtr document) override;
    const DutyInputs& inputs() const { return m_inputs; }
    const DutyAnswer& answer() const { return m_answer; }
    /// What the user set in the calculator; clock and sleep come from each profile.
    QVariantMap state() const;
    void setState(const QVariantMap& state);

private:
    /// One quantity of the calculator: a logarithmic slider and a number, kept equal.
    struct Dial {
        double* value;
        double low;
        double high;
        QSlider* slider;
        QDoubleSpinBox* number;
        QLabel* caption;
    };
    QWidget* makeCalculator();
    QWidget* makeAnswers();
    Dial& addDial(QGridLayout* grid, const QString& name, const QString& unit, double* value, double low, double high,
                  int digits);
    void setDial(Dial& dial, double value);
    void calculate();
    void showBars();
    void followLayer(int layer);

    DutyInputs m_inputs;
    double m_periodSeconds = 60;
    DutyAnswer m_answer;
    InferenceCost m_cost;
    std::vector<std::unique_ptr<Dial>> m_dials;
    PowerView* m_power;
    LegendView* m_powerLegend;
    BarsView* m_bars;
    QScrollArea* m_scroll;
    Card* m_barsCard;
    Tile* m_energy;
    Tile* m_average;
    Tile* m_battery;
    Tile* m_harvest;
    QLabel* m_verdict;
    QLabel* m_basis;
};

} // namespace simprof::gui
